"""People: who a State registered, how they are found again, and how they are kept safe."""
