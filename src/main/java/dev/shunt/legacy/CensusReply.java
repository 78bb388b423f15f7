package dev.shunt.legacy;

import dev.shunt.core.InFlight.Census;
import dev.shunt.core.InFlight.Entry;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Route;
import dev.shunt.core.Stamp;
import dev.shunt.legacy.Script.Reply;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads what {@code census.lua} answers. */
final class CensusReply {

    private CensusReply() {}

    static Census read(Reply reply) {
        Reply lengths = reply.part(2);
        return new Census(
                book(reply.part(0)),
                registry(reply.part(1)),
                lengths.number(0),
                lengths.number(1),
                acceptanceOf(reply.part(3)),
                duplicates(reply.part(4)));
    }

    private static Map<ItemKey, Entry> book(Reply fields) {
        Map<ItemKey, Entry> book = HashMap.newHashMap(fields.size() / 2);
        for (int i = 0; i < fields.size(); i += 2) {
            var key = new ItemKey(fields.text(i));
            book.put(key, BookEntry.parse(fields.text(i + 1)).of(key));
        }
        return book;
    }

    private static Set<ItemKey> registry(Reply keys) {
        Set<ItemKey> registry = HashSet.newHashSet(keys.size());
        for (int i = 0; i < keys.size(); i++) {
            registry.add(new ItemKey(keys.text(i)));
        }
        return registry;
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
