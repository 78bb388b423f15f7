package dev.shunt.workloads.trace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.core.DoorCodec;
import dev.shunt.core.Item;
import dev.shunt.core.MessageCodec;
import dev.shunt.core.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;

/** Shortcuts for tests of the wire formats. */
final class Wire {

    static final Instant NOW = Instant.parse("2026-11-21T22:00:00.123456Z");

    private Wire() {}

    static TraceDoorCodec door() {
        return new TraceDoorCodec(RoutingKeyChoice.TRACE, RandomGenerator.of("L64X128MixRandom"));
    }

    static DoorCodec.Reading post(String body) {
        return door().read("default", Map.of(), body.getBytes(UTF_8), NOW);
    }

    static DoorCodec.Reading.Read accepted(String body) {
        return accepted(body, Map.of(), NOW);
    }

    static DoorCodec.Reading.Read accepted(String body, Map<String, String> headers, Instant now) {
        DoorCodec.Reading reading = door().read("default", headers, body.getBytes(UTF_8), now);
        assertThat(reading).as(body).isInstanceOf(DoorCodec.Reading.Read.class);
        return (DoorCodec.Reading.Read) reading;
    }

    static String answer(DoorCodec.Reading.Read read) {
        return new String(read.reply().accepted(Route.LEGACY, null), UTF_8);
    }

    static String message(Item item) {
        return new String(item.message(), UTF_8);
    }

    static TraceMessage decoded(Item item) {
        return decoded(item.message(), item.acceptedAt(), item.evidence());
    }

    static TraceMessage decoded(byte[] message, Instant acceptedAt, String evidence) {
        TraceDecoding.Content content = TraceDecoding.decode(message, acceptedAt, evidence);
        assertThat(content).isInstanceOf(TraceDecoding.Decoded.class);
        return ((TraceDecoding.Decoded) content).content();
    }

    static Item tapped(String message) {
        MessageCodec.Reading reading = tap(message);
        assertThat(reading).as(message).isInstanceOf(MessageCodec.Reading.Read.class);
        var read = (MessageCodec.Reading.Read) reading;
        // What is handed on decoded must be what a second reading of the message would give.
        if (read.decoded() != null) {
            assertThat(read.decoded()).as(message).isEqualTo(decoded(read.item()));
        }
        return read.item();
    }

    static MessageCodec.Reading tap(String message) {
        return new TraceMessageCodec(RoutingKeyChoice.TRACE).read(message.getBytes(UTF_8), NOW);
    }

    static Evidence evidence(Item item) {
        return Evidence.parse(item.evidence()).orElseThrow();
    }

    static List<String> samples() {
        return lines("/demo/requests.jsonl");
    }

    static List<String> lines(String resource) {
        try (InputStream in = Objects.requireNonNull(Wire.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), UTF_8).lines().toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
