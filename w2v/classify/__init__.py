"""Texts classified by a network on top of word vectors: labels, several labels, or numbers."""

from w2v.classify.classifier_training import train_classifier
from w2v.classify.estimator import Classifier
from w2v.classify.text_classifier import TextClassifier

__all__ = ["Classifier", "TextClassifier", "train_classifier"]
