package dev.shunt.workloads.trace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.core.Bucket;
import dev.shunt.core.DoorCodec;
import dev.shunt.core.Epoch;
import dev.shunt.core.Item;
import dev.shunt.core.MessageCodec;
import dev.shunt.core.Percentage;
import dev.shunt.core.RouteDecision;
import dev.shunt.core.Stamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Requests made of awkward pieces; a failure names its seed. */
class WirePropertyTest {

    private static final int ROUNDS = 1_000;

    @Test
    void what_is_encoded_is_what_is_decoded_and_what_the_evidence_expects() {
        for (int seed = 0; seed < ROUNDS; seed++) {
            var request = new RandomRequest(new SplittableRandom(seed));
            Item item = Wire.accepted(request.spelled(request.body())).item();
            TraceMessage stored = Wire.decoded(item);
            assertThat(stored.tolerated()).as("seed %d", seed).isEmpty();
            assertThat(EvidenceCheck.compare(Wire.evidence(item), stored))
                    .as("seed %d", seed)
                    .isEmpty();
            Item pushed = Wire.tapped(Wire.message(item));
            assertThat(EvidenceCheck.compare(Wire.evidence(pushed), stored))
                    .as("seed %d, pushed", seed)
                    .isEmpty();
            assertThat(Wire.decoded(pushed).spans())
                    .as("seed %d", seed)
                    .usingRecursiveComparison()
                    .ignoringFields("clientDigest")
                    .isEqualTo(stored.spans());
        }
    }

    @Test
    void the_quick_comparison_says_yes_exactly_where_the_slow_one_finds_nothing() {
        for (int seed = 0; seed < ROUNDS; seed++) {
            var random = new SplittableRandom(seed);
            var request = new RandomRequest(random);
            Item item = Wire.accepted(request.spelled(request.body())).item();
            TraceMessage stored = Wire.decoded(item);
            assertThat(EvidenceMatch.holds(item.evidence(), sorted(stored)))
                    .as("seed %d", seed)
                    .isTrue();
            Item other = Wire.accepted(request.spelled(request.body())).item();
            for (TraceMessage changed : changes(sorted(stored), sorted(Wire.decoded(other)))) {
                assertThat(EvidenceMatch.holds(item.evidence(), changed))
                        .as("seed %d, %s", seed, changed)
                        .isEqualTo(EvidenceCheck.compare(Wire.evidence(item), changed)
                                .isEmpty());
            }
            assertThat(EvidenceMatch.holds(item.evidence() + "AAAA", sorted(stored)))
                    .isFalse();
            assertThat(EvidenceMatch.holds(item.evidence().substring(4), sorted(stored)))
                    .isFalse();
        }
    }

    /** One field of the trace, one span or one field of a span is another's, for each of them. */
    private static List<TraceMessage> changes(TraceMessage one, TraceMessage other) {
        List<TraceMessage> changes = new ArrayList<>();
        changes.add(other);
        changes.add(trace(one, other.sessionId(), one.userId(), one.name(), one.timestamp(), one.metadata()));
        changes.add(trace(one, one.sessionId(), other.userId(), one.name(), one.timestamp(), one.metadata()));
        changes.add(trace(one, one.sessionId(), one.userId(), other.name(), one.timestamp(), one.metadata()));
        changes.add(trace(
                one,
                one.sessionId(),
                one.userId(),
                one.name(),
                one.timestamp().plus(1, ChronoUnit.MICROS),
                one.metadata()));
        changes.add(trace(one, one.sessionId(), one.userId(), one.name(), one.timestamp(), other.metadata()));
        List<SpanMessage> spans = one.spans();
        if (spans.isEmpty() || other.spans().isEmpty()) {
            return changes;
        }
        SpanMessage theirs = other.spans().getFirst();
        for (int i = 0; i < spans.size(); i++) {
            List<SpanMessage> fewer = new ArrayList<>(spans);
            fewer.remove(i);
            changes.add(one.withSpans(fewer));
            for (int field = 0; field < 14; field++) {
                List<SpanMessage> mixed = new ArrayList<>(spans);
                mixed.set(i, mixed(spans.get(i), theirs, field));
                changes.add(one.withSpans(mixed));
            }
        }
        return changes;
    }

    private static TraceMessage trace(
            TraceMessage one,
            @Nullable String session,
            @Nullable String user,
            String name,
            Instant time,
            @Nullable String metadata) {
        return new TraceMessage(
                one.id(),
                one.projectId(),
                session,
                user,
                one.user(),
                name,
                time,
                metadata,
                one.spans(),
                one.tolerated());
    }

    private static SpanMessage mixed(SpanMessage one, SpanMessage other, int field) {
        return new SpanMessage(
                one.id(),
                (field == 0 ? other : one).parentSpanId(),
                (field == 1 ? other : one).name(),
                (field == 2 ? other : one).startTime(),
                (field == 3 ? other : one).endTime(),
                (field == 4 ? other : one).input(),
                (field == 5 ? other : one).output(),
                (field == 6 ? other : one).metadata(),
                (field == 7 ? other : one).model(),
                (field == 8 ? other : one).modelParameters(),
                (field == 9 ? other : one).promptTokens(),
                (field == 10 ? other : one).completionTokens(),
                (field == 11 ? other : one).totalTokens(),
                (field == 12 ? other : one).level(),
                (field == 13 ? other : one).statusMessage(),
                one.clientDigest());
    }

    /** As rows are read back: in the order of their ids. */
    private static TraceMessage sorted(TraceMessage trace) {
        return trace.withSpans(trace.spans().stream()
                .sorted(Comparator.comparing(SpanMessage::id))
                .toList());
    }

    @Test
    void free_json_arrives_with_its_exact_numbers_and_texts() throws WireFault {
        for (int seed = 0; seed < ROUNDS; seed++) {
            var request = new RandomRequest(new SplittableRandom(seed));
            Json.Obj body = request.body();
            TraceMessage stored =
                    Wire.decoded(Wire.accepted(request.spelled(body)).item());
            Json sent = body.members().getOrDefault("metadata", Json.Null.VALUE);
            Json arrived = stored.metadata() == null
                    ? Json.Null.VALUE
                    : JsonReader.read(stored.metadata(), JsonReader.Limits.OF_STORE);
            assertThat(arrived).as("seed %d", seed).isEqualTo(sent);
        }
    }

    @Test
    void the_key_depends_on_the_value_and_not_on_its_spelling() {
        for (int seed = 0; seed < ROUNDS; seed++) {
            var request = new RandomRequest(new SplittableRandom(seed));
            Json.Obj body = request.body();
            Item first = Wire.accepted(request.spelled(body)).item();
            Item second = Wire.accepted(request.spelled(body)).item();
            assertThat(second.key().digest())
                    .as("seed %d", seed)
                    .isEqualTo(first.key().digest());
        }
    }

    @Test
    void a_stamp_on_a_message_comes_off_without_a_trace() {
        var decision = RouteDecision.byFlag(new Bucket(812), new Percentage(1_000), new Epoch(7));
        for (int seed = 0; seed < ROUNDS; seed++) {
            var request = new RandomRequest(new SplittableRandom(seed));
            Item item = Wire.accepted(request.spelled(request.body())).item();
            Stamp stamp = item.stamp(decision);
            Stamp.Stamped split = Stamp.split(stamp.appendTo(item.message()));
            assertThat(split.stamp()).as("seed %d", seed).contains(stamp);
            assertThat(split.message()).as("seed %d", seed).isEqualTo(item.message());
            assertThat(Stamp.split(item.message()).stamp()).as("seed %d", seed).isEmpty();
        }
    }

    @Test
    void nothing_that_is_sent_breaks_the_door_or_the_tap() {
        List<String> samples = Wire.samples();
        DoorCodec door = Wire.door();
        MessageCodec tap = new TraceMessageCodec(RoutingKeyChoice.USER);
        for (int seed = 0; seed < 4_000; seed++) {
            var random = new SplittableRandom(seed);
            String sample = samples.get(random.nextInt(15));
            byte[] request = mutated(sample.getBytes(UTF_8), random);
            byte[] message = mutated(Wire.accepted(sample).item().message(), random);
            try {
                if (door.read("p", Map.of(), request, Wire.NOW) instanceof DoorCodec.Reading.Read read) {
                    assertThat(EvidenceCheck.compare(Wire.evidence(read.item()), Wire.decoded(read.item())))
                            .isEmpty();
                }
                if (tap.read(message, Wire.NOW) instanceof MessageCodec.Reading.Read read) {
                    assertThat(EvidenceCheck.compare(Wire.evidence(read.item()), Wire.decoded(read.item())))
                            .isEmpty();
                }
                TraceDecoding.decode(message, Wire.NOW, "AQ");
            } catch (RuntimeException | AssertionError broken) {
                throw new AssertionError("seed " + seed, broken);
            }
        }
    }

    @Test
    void deep_and_wide_inputs_end_in_a_refusal() {
        for (String opening : List.of("[", "{\"a\":", "[{\"a\":")) {
            String deep = opening.repeat(200_000);
            assertThat(Wire.post("{\"name\":" + deep)).isInstanceOf(DoorCodec.Reading.Refused.class);
            assertThat(Wire.tap("{\"ID\":" + deep)).isInstanceOf(MessageCodec.Reading.Undecodable.class);
        }
        assertThat(Wire.tap("{\"ID\":" + "9".repeat(2_000_000) + "}"))
                .isInstanceOf(MessageCodec.Reading.Undecodable.class);
    }

    private static byte[] mutated(byte[] good, SplittableRandom random) {
        byte[] bytes = good.clone();
        for (int i = random.nextInt(1, 6); i > 0; i--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] = (byte) "\"{}[]:,0-eE.\\un".charAt(random.nextInt(15));
                case 2 -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
                default -> {
                    int from = random.nextInt(bytes.length);
                    int length = Math.min(random.nextInt(40), bytes.length - Math.max(at, from));
                    System.arraycopy(good, Math.min(from, good.length - length), bytes, at, length);
                }
            }
        }
        return bytes;
    }
}
