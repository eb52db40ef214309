"""What several tests share: articles, facts and graphs to test on, and the functions that compare them."""
