"""Paper: what every PDF of the house is made with."""
