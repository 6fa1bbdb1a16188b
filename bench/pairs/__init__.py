"""Le banc d'essai à côté d'autres moteurs de synchronisation : voir docs/performance.md."""
