"""Names of places as people write them: found, given their codes, or refused with the candidates."""

from cityindex.places.gazetteer import Gazetteer, Place
from cityindex.places.join import with_places
from cityindex.places.record import PlaceMatch, ResolvedPlaces
from cityindex.places.resolve import resolve_places

__all__ = ["Gazetteer", "Place", "PlaceMatch", "ResolvedPlaces", "resolve_places", "with_places"]
