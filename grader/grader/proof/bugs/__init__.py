"""Planted bugs: how many of the mistakes that students make do the tests find?"""
