"""Reads the narrative with the trained model: triggers, mentions, and what they are to each other.

From the text to scores: ``wordpiece`` splits sentences into words and pieces, ``windows`` arranges them, ``files``
opens the model, ``model`` runs it, ``tags`` makes triggers and mentions of words, ``pairs`` describes what is judged::

    sentences = [Sentence(split_words(text, read_vocabulary()), opens) for text, opens in ...]
    article = read_article(model, title, sentences)
    judgements = judge(model, article, triggers, mentions)  # chosen from the article's, or found by rules

Triggers and mentions are words of a sentence (``Words``); ``Sentence.find_words`` gives those of code points.
"""
