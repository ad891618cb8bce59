"""teachkit: how a trained model depends on its training data."""
