"""The spec in a file that lorafig wrote: put there, found again, and compared with the picture."""

from lorafig.provenance.carriers import attach as attach
from lorafig.provenance.carriers import bare as bare
from lorafig.provenance.record import Record as Record
from lorafig.provenance.record import recorded as recorded
