"""La simulation : plusieurs appareils, plusieurs personnes, un transport fautif, une horloge réglable."""
