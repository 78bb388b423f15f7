package dev.shunt.intake;

import dev.shunt.core.DeadLetterArchive;
import dev.shunt.core.DeadLetterArchive.Content;
import dev.shunt.core.DeadLetterArchive.Letter;
import dev.shunt.core.DeadLetterArchive.State;
import dev.shunt.core.DeadLetterList;
import dev.shunt.core.InFlight;
import dev.shunt.core.Item;
import dev.shunt.core.ItemKey;
import dev.shunt.core.MessageCodec.Reading;
import dev.shunt.core.Replays;
import dev.shunt.core.RouteGateway.Dispatch;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.WayIn;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadDefinition;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Sends dead letters again. The order of steps is the point of it:
 *
 * <ol>
 *   <li>look into the book: while the item's last life is there, its burial is not over and would take the new life with
 *       it;
 *   <li>claim in the table: the letter is REPLAYED and the ledger row OPEN, so nobody takes the new life for settled;
 *   <li>remove the copies in Redis, before a new death can push a new one;
 *   <li>dispatch. A crash before this leaves a REPLAYED letter in no book: {@link #finish} sends it.
 * </ol>
 */
@Component
final class Replayer implements Replays {

    private static final Logger log = LoggerFactory.getLogger(Replayer.class);
    private static final int AT_ONCE = 100;

    private final DeadLetterArchive archive;
    private final DeadLetterList copies;
    private final InFlight inFlight;
    private final Intake intake;
    private final Clock clock;
    private final Map<Workload, WorkloadDefinition> definitions;

    Replayer(
            DeadLetterArchive archive,
            DeadLetterList copies,
            InFlight inFlight,
            Intake intake,
            Clock clock,
            List<WorkloadDefinition> definitions) {
        this.archive = archive;
        this.copies = copies;
        this.inFlight = inFlight;
        this.intake = intake;
        this.clock = clock;
        this.definitions =
                definitions.stream().collect(Collectors.toMap(WorkloadDefinition::workload, Function.identity()));
    }

    @Override
    public Optional<Outcome> replay(long id, String by) {
        return archive.find(id).map(content -> replay(content, by));
    }

    private Outcome replay(Content content, String by) {
        Letter letter = content.letter();
        if (letter.state() != State.DEAD) {
            return new Outcome.NotDead(letter.state());
        }
        if (content.raw().length == 0) { // an empty message of a producer would be refused here too
            return new Outcome.Unreadable(letter.reason() + ". Send it from its producer, or discard the letter");
        }
        return switch (read(content)) {
            case Reading.Undecodable still -> {
                archive.stillDead(letter.id(), still.reason());
                yield new Outcome.Unreadable(still.reason());
            }
            case Reading.Read read -> replay(content, itemOf(content, read.item()), by);
        };
    }

    private Outcome replay(Content content, Item item, String by) {
        long id = content.letter().id();
        if (inFlight.find(item.workload(), item.key()).isPresent()) {
            return new Outcome.InFlight();
        }
        if (!archive.claimForReplay(id, item.key(), by)) {
            State now = archive.find(id).map(Content::letter).map(Letter::state).orElse(State.REPLAYED);
            return new Outcome.NotDead(now);
        }
        log.info("Dead letter {}, {}, is replayed by {}", id, item.key(), by);
        forgetCopies(item.workload(), content.raw());
        return send(item);
    }

    private Outcome send(Item item) {
        return switch (intake.replay(item)) {
            case Dispatch.Accepted accepted ->
                new Outcome.Sent(accepted.decision().executed(), accepted.workflowId());
            case Dispatch.Duplicate under -> new Outcome.Sent(under.route(), under.workflowId());
            case Dispatch.Refused refused -> new Outcome.Waiting(refused.why());
        };
    }

    @Override
    public Optional<Outcome> discard(long id, String by, String why) {
        return archive.find(id).map(content -> {
            if (!archive.discard(id, by, why)) {
                return new Outcome.NotDead(
                        archive.find(id).orElse(content).letter().state());
            }
            log.info("Dead letter {} is discarded by {}: {}", id, by, why);
            forgetCopies(content.letter().workload(), content.raw());
            return new Outcome.Discarded();
        });
    }

    /**
     * Brings replays to their end that a crash or an outage cut short. The book is asked before the ledger: an item moves
     * from the one to the other, so what is in neither was not sent. Sent twice all the same, it would change nothing.
     */
    void finish() {
        for (int i = 0; i < AT_ONCE; i++) {
            List<Content> next = archive.stranded(1); // each may be as large as a body
            if (next.isEmpty()) {
                return;
            }
            next.forEach(this::finish);
        }
    }

    private void finish(Content content) {
        long id = content.letter().id();
        ItemKey key = Objects.requireNonNull(content.letter().key(), "a claimed letter has a key");
        boolean onItsWay = inFlight.find(content.letter().workload(), key).isPresent();
        if (!onItsWay && !archive.confirmStored(id) && stillReplayed(id)) {
            sendAgain(content);
        }
    }

    private boolean stillReplayed(long id) {
        return archive.find(id)
                .filter(content -> content.letter().state() == State.REPLAYED)
                .isPresent();
    }

    private void sendAgain(Content content) {
        switch (read(content)) {
            case Reading.Undecodable still -> archive.stillDead(content.letter().id(), still.reason());
            case Reading.Read read -> {
                Outcome outcome = send(itemOf(content, read.item()));
                log.info(
                        "The replay of dead letter {} was cut short; sent again: {}",
                        content.letter().id(),
                        outcome);
            }
        }
    }

    private Reading read(Content content) {
        WorkloadDefinition definition = definitions.get(content.letter().workload());
        return definition == null
                ? new Reading.Undecodable("no workload " + content.letter().workload() + " is known here")
                : definition.messages().read(content.raw(), acceptedAt(content));
    }

    private Instant acceptedAt(Content content) {
        Instant before = content.letter().acceptedAt();
        return before == null ? clock.instant() : before;
    }

    /** What was accepted before keeps its identity, so that its ledger row is taken over and not doubled. */
    private static Item itemOf(Content content, Item read) {
        ItemKey key = content.letter().key();
        WayIn wayIn = content.wayIn();
        String evidence = content.evidence();
        return new Item(
                read.workload(),
                key == null ? read.key() : key,
                read.routingKey(),
                content.raw(),
                wayIn == null ? read.wayIn() : wayIn,
                read.acceptedAt(),
                evidence == null ? read.evidence() : evidence);
    }

    private void forgetCopies(Workload workload, byte[] raw) {
        try {
            copies.forget(workload, raw);
        } catch (UnavailableException away) {
            log.info("A copy of a {} dead letter may stay in the dead-letter list: {}", workload, away.getMessage());
        }
    }
}
