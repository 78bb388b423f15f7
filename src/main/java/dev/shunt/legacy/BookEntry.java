package dev.shunt.legacy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.temporal.ChronoUnit.MICROS;

import dev.shunt.core.Bucket;
import dev.shunt.core.Epoch;
import dev.shunt.core.InFlight.Entry;
import dev.shunt.core.InFlight.Open;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Percentage;
import dev.shunt.core.Reason;
import dev.shunt.core.Route;
import dev.shunt.core.RouteDecision;
import dev.shunt.core.Seldom;
import dev.shunt.core.Stamp;
import dev.shunt.core.WayIn;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the book says of an item: {@code ROUTE|epoch|acceptedAtMicros|DECIDED|REASON|bucket|basisPoints|WAY_IN}. The whole
 * decision is kept, so that an unstamped message that is delivered again keeps it to the letter.
 */
record BookEntry(RouteDecision decision, Instant acceptedAt, WayIn wayIn) {

    private static final Logger log = LoggerFactory.getLogger(BookEntry.class);
    private static final Seldom SELDOM = new Seldom();
    private static final int SHOWN = 200;

    static BookEntry of(Stamp stamp) {
        return new BookEntry(stamp.decision(), stamp.acceptedAt(), stamp.wayIn());
    }

    /**
     * Reads {@link #text()}. Whoever wrote something else into the book must not stop those who read it: such an entry
     * counts as not there and is logged seldom.
     */
    static Optional<BookEntry> read(byte @Nullable [] text) {
        if (text == null) {
            return Optional.empty();
        }
        String entry = new String(text, UTF_8);
        try {
            return Optional.of(parse(entry));
        } catch (IllegalArgumentException | ArithmeticException | DateTimeException notOurs) {
            SELDOM.log(more -> log.warn(
                    "The acceptance book holds '{}' and {} more entries that cannot be read; they count as not there",
                    entry.length() > SHOWN ? entry.substring(0, SHOWN) + "…" : entry,
                    more));
            return Optional.empty();
        }
    }

    private static BookEntry parse(String text) {
        String[] part = text.split("\\|", -1);
        if (part.length != 8) {
            throw new IllegalArgumentException("not an entry of the acceptance book: '" + text + "'");
        }
        var decision = new RouteDecision(
                Route.valueOf(part[3]),
                Route.valueOf(part[0]),
                Reason.valueOf(part[4]),
                new Bucket(Integer.parseInt(part[5])),
                new Percentage(Integer.parseInt(part[6])),
                new Epoch(Long.parseLong(part[1])));
        return new BookEntry(decision, time(Long.parseLong(part[2])), WayIn.valueOf(part[7]));
    }

    static long micros(Instant time) {
        return MICROS.between(Instant.EPOCH, time);
    }

    static Instant time(long micros) {
        return Instant.EPOCH.plus(micros, MICROS);
    }

    String text() {
        return decision.executed() + "|" + decision.epoch() + "|" + micros(acceptedAt) + "|" + decision.decided() + "|"
                + decision.reason() + "|" + decision.bucket() + "|"
                + decision.percentage().basisPoints() + "|" + wayIn;
    }

    Open open(ItemKey key) {
        return new Open(key, decision, wayIn, acceptedAt);
    }

    Entry of(ItemKey key) {
        return new Entry(key, decision.executed(), decision.epoch(), acceptedAt);
    }
}
