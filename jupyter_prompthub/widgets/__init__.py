"""What notebooks show: answers, comparisons, lists; and the playground."""
