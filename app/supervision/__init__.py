"""Ce que le chef de service lit et contrôle : les fiches que les téléphones ont envoyées."""
