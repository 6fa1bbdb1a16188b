"""Les mesures : le vrai produit, dans un vrai navigateur, avec la puissance d'un téléphone modeste."""
