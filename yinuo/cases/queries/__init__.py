"""Reads, by subject: cases, findings, people, lessons, feedback, conventions, competence, the course of a case."""
