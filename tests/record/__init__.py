"""Records what the course shows of real runs: the explorers' facts, and the outputs on its pages."""
