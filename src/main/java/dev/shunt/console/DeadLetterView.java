package dev.shunt.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.core.DeadLetterArchive.Action;
import dev.shunt.core.DeadLetterArchive.Content;
import dev.shunt.core.DeadLetterArchive.Letter;
import dev.shunt.core.DeadLetterArchive.State;
import dev.shunt.core.Replays.Outcome;
import dev.shunt.core.Route;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code /api/v1/dead-letters} shows. */
final class DeadLetterView {

    private DeadLetterView() {}

    /** @param storedAt when its replay was seen to be stored; absent if it was not, or not yet */
    record Summary(
            long id,
            String workload,
            @Nullable String key,
            Route route,
            String reason,
            State state,
            int attempts,
            int replays,
            int bytes,
            @Nullable Instant acceptedAt,
            Instant diedAt,
            @Nullable Instant storedAt) {

        static Summary of(Letter letter) {
            return new Summary(
                    letter.id(),
                    letter.workload().name(),
                    letter.key() == null ? null : letter.key().value(),
                    letter.route(),
                    letter.reason(),
                    letter.state(),
                    letter.attempts(),
                    letter.replays(),
                    letter.bytes(),
                    letter.acceptedAt(),
                    letter.diedAt(),
                    letter.storedAt());
        }
    }

    /**
     * @param encoding {@code text} if the payload is UTF-8, else {@code base64}
     * @param actions what people did about it, oldest first
     */
    record Detail(Summary letter, String encoding, String payload, List<Action> actions) {

        static Detail of(Content content) {
            Summary letter = Summary.of(content.letter());
            try {
                String text = UTF_8.newDecoder()
                        .decode(ByteBuffer.wrap(content.raw()))
                        .toString();
                return new Detail(letter, "text", text, content.actions());
            } catch (CharacterCodingException binary) {
                String encoded = Base64.getEncoder().encodeToString(content.raw());
                return new Detail(letter, "base64", encoded, content.actions());
            }
        }
    }

    /**
     * @param outcome SENT, WAITING, DISCARDED, UNREADABLE, IN_FLIGHT, or what it was already: ALREADY_REPLAYED,
     *     ALREADY_DISCARDED
     */
    record Moved(
            long id,
            String outcome,
            @Nullable Route route,
            @Nullable String workflowId,
            @Nullable String why) {

        static Moved of(long id, Outcome outcome) {
            return switch (outcome) {
                case Outcome.Sent sent -> new Moved(id, "SENT", sent.route(), sent.workflowId(), null);
                case Outcome.Waiting waiting -> new Moved(id, "WAITING", null, null, waiting.why());
                case Outcome.Discarded done -> new Moved(id, "DISCARDED", null, null, null);
                case Outcome.NotDead other -> new Moved(id, "ALREADY_" + other.state(), null, null, null);
                case Outcome.Unreadable still -> new Moved(id, "UNREADABLE", null, null, still.reason());
                case Outcome.InFlight same -> new Moved(id, "IN_FLIGHT", null, null, null);
            };
        }
    }

    /**
     * @param examined letters that were dead when this began
     * @param notSent how many of them were not sent, with the first of them
     * @param after where the next call goes on; absent if there is no more
     */
    record Batch(
            String workload,
            int examined,
            int sent,
            int notSent,
            List<Moved> examples,
            @Nullable Long after) {}
}
