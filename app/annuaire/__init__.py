"""L'annuaire des partenaires : le recevoir au format data·inclusion v1, le compléter, et ce qui s'en emporte."""
