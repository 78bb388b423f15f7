package dev.shunt.legacy;

import dev.shunt.core.InFlight.Census;
import dev.shunt.core.InFlight.Counts;
import dev.shunt.core.InFlight.Entry;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Route;
import dev.shunt.core.Stamp;
import dev.shunt.legacy.Script.Reply;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Puts a census together from the scans and from what {@code census.lua} answers. */
final class CensusReply {

    private CensusReply() {}

    static Census read(Map<ItemKey, Entry> book, Set<ItemKey> registry, Reply lists) {
        Reply lengths = lists.part(0);
        return new Census(
                book,
                registry,
                lengths.number(0),
                lengths.number(1),
                acceptanceOf(lists.part(1)),
                duplicates(lists.part(2)));
    }

    static Counts counts(Reply lists) {
        Reply lengths = lists.part(0);
        Reply oldest = lists.part(3);
        return new Counts(
                lengths.number(2),
                lengths.number(3),
                lengths.number(0),
                lengths.number(1),
                acceptanceOf(lists.part(1)),
                oldest.size() == 0 ? Optional.empty() : Optional.of(BookEntry.time(Long.parseLong(oldest.text(1)))),
                duplicates(lists.part(2)),
                undated(lists.part(1)));
    }

    private static Optional<String> undated(Reply next) {
        return next.size() == 0 || acceptanceOf(next).isPresent()
                ? Optional.empty()
                : Optional.of(new Suspect(next.bytes(0)).sha256());
    }

    /** Unknown for a message that no one has decided about yet: it says nothing of when it was pushed. */
    private static Optional<Instant> acceptanceOf(Reply next) {
        return next.size() == 0
                ? Optional.empty()
                : Stamp.split(next.bytes(0)).stamp().map(Stamp::acceptedAt);
    }

    private static Map<Route, Long> duplicates(Reply fields) {
        Map<Route, Long> duplicates = new EnumMap<>(Route.class);
        for (int i = 0; i < fields.size(); i += 2) {
            duplicates.put(Route.valueOf(fields.text(i)), Long.parseLong(fields.text(i + 1)));
        }
        return duplicates;
    }
}
