package dev.shunt.temporal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.shunt.contract.InMemoryInFlight;
import dev.shunt.core.Item;
import dev.shunt.core.RouteGateway.Dispatch;
import dev.shunt.embedded.TemporalServerHandle;
import dev.shunt.embedded.TestBackends;
import io.temporal.api.common.v1.Payload;
import io.temporal.client.WorkflowClient;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.RawValue;
import io.temporal.payload.codec.PayloadCodecException;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class CodecsTest {

    private static final String OLD = Base64.getEncoder().encodeToString("0123456789abcdef".getBytes(UTF_8));
    private static final String NEW =
            Base64.getEncoder().encodeToString("0123456789abcdef0123456789abcdef".getBytes(UTF_8));
    private static final Pattern DATA = Pattern.compile("\"data\": ?\"([^\"]*)\"");
    private static final List<String> BOTH = List.of("zlib", "aes-gcm");
    private static final String SECRET = "a sentence that nobody else may read ";

    @Test
    void an_encrypted_payload_shows_nothing_and_comes_back_byte_for_byte() {
        DataConverter codecs = Codecs.converter(new CodecSettings(BOTH, "old", Map.of("old", OLD)));

        for (String text : List.of(SECRET, SECRET.repeat(1_000))) {
            Payload sent = encode(codecs, text);

            assertThat(new String(sent.toByteArray(), ISO_8859_1)).doesNotContain("sentence", "json/plain");
            assertThat(sent.getMetadataOrThrow("encryption-key-id").toStringUtf8())
                    .isEqualTo("old");
            assertThat(decode(codecs, sent)).isEqualTo(text);
        }
        assertThat(encode(codecs, SECRET)).isNotEqualTo(encode(codecs, SECRET));
    }

    @Test
    void what_an_old_key_wrote_is_read_after_a_change_of_keys_and_after_encryption_was_switched_off() {
        Payload old = encode(Codecs.converter(new CodecSettings(BOTH, "old", Map.of("old", OLD))), SECRET.repeat(100));
        Map<String, String> keys = Map.of("old", OLD, "new", NEW);
        DataConverter rotated = Codecs.converter(new CodecSettings(BOTH, "new", keys));
        DataConverter off = Codecs.converter(new CodecSettings(List.of(), "", keys));

        assertThat(decode(rotated, old)).isEqualTo(SECRET.repeat(100));
        assertThat(encode(rotated, SECRET)
                        .getMetadataOrThrow("encryption-key-id")
                        .toStringUtf8())
                .isEqualTo("new");
        assertThat(decode(off, old)).isEqualTo(SECRET.repeat(100));
        assertThat(encode(off, SECRET).getData().toStringUtf8()).isEqualTo(SECRET);
    }

    @Test
    void a_payload_of_an_unknown_key_or_with_a_changed_byte_is_refused() {
        DataConverter codecs = Codecs.converter(new CodecSettings(BOTH, "new", Map.of("new", NEW)));
        Payload unknown = encode(Codecs.converter(new CodecSettings(BOTH, "old", Map.of("old", OLD))), SECRET);
        Payload good = encode(codecs, SECRET);
        byte[] data = good.getData().toByteArray();
        data[data.length - 1] ^= 1;
        Payload changed = good.toBuilder().setData(ByteString.copyFrom(data)).build();

        assertThatThrownBy(() -> decode(codecs, unknown)).isInstanceOf(PayloadCodecException.class);
        assertThatThrownBy(() -> decode(codecs, changed)).hasMessageContaining("could not be decrypted");
    }

    @Test
    void only_payloads_above_1_KB_are_compressed() {
        DataConverter zlib = Codecs.converter(new CodecSettings(List.of("zlib"), "", Map.of()));

        Payload small = encode(zlib, "y".repeat(ZlibCodec.SMALLEST));
        Payload large = encode(zlib, "y".repeat(ZlibCodec.SMALLEST + 1));

        assertThat(small.getMetadataOrThrow("encoding").toStringUtf8()).isEqualTo("json/plain");
        assertThat(large.getMetadataOrThrow("encoding").toStringUtf8()).isEqualTo("binary/zlib");
        assertThat(large.getSerializedSize()).isLessThan(200);
        assertThat(decode(zlib, large)).hasSize(ZlibCodec.SMALLEST + 1);
    }

    @Test
    void histories_hold_no_plain_text() {
        CodecSettings both = new CodecSettings(BOTH, "new", Map.of("new", NEW));
        try (var server = TemporalServerHandle.inMemory();
                var rig = new TemporalRig(
                                TemporalRig.settings(server.address())
                                        .inMemory()
                                        .codecs(both),
                                new InMemoryInFlight(),
                                TestBackends.migratedDatabase())
                        .connected()) {
            Item item = rig.item("secret", SECRET);
            Dispatch accepted = rig.gateway.dispatch(item, TemporalRig.onTemporal());
            rig.awaitStored("secret", SECRET);

            assertThat(accepted).isInstanceOfSatisfying(Dispatch.Accepted.class, each -> {
                String history = history(server.address(), String.valueOf(each.workflowId()));
                assertThat(history).contains(base64Of("binary/encrypted"));
                // The SDK's own notes in markers stay plain; nothing of the item is among them.
                assertThat(DATA.matcher(history)
                                .results()
                                .map(data -> new String(Base64.getDecoder().decode(data.group(1)), ISO_8859_1)))
                        .isNotEmpty()
                        .noneMatch(data -> data.contains("sentence"));
            });
        }
    }

    @Test
    void wrong_settings_are_named() {
        refused(() -> new CodecSettings(List.of("lz4"), "", Map.of()), "zlib and aes-gcm");
        refused(() -> new CodecSettings(List.of("aes-gcm", "zlib"), "a", Map.of("a", OLD)), "zlib before aes-gcm");
        refused(() -> new CodecSettings(List.of("aes-gcm"), "b", Map.of("a", OLD)), "codec-key must be one of");
        refused(() -> new CodecSettings(List.of(), "", Map.of("a", "c2hvcnQ=")), "codec-keys.a");
        assertThat(new CodecSettings(BOTH, "old", Map.of("old", OLD)).toString())
                .doesNotContain(OLD);
    }

    private static void refused(ThrowingCallable wrong, String named) {
        assertThatIllegalArgumentException().isThrownBy(wrong).withMessageContaining(named);
    }

    private static String base64Of(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private static Payload encode(DataConverter converter, String text) {
        Payload plain = Payload.newBuilder()
                .putMetadata("encoding", ByteString.copyFromUtf8("json/plain"))
                .setData(ByteString.copyFromUtf8(text))
                .build();
        return converter.toPayload(new RawValue(plain)).orElseThrow();
    }

    private static String decode(DataConverter converter, Payload payload) {
        return converter
                .fromPayload(payload, RawValue.class, RawValue.class)
                .getPayload()
                .getData()
                .toStringUtf8();
    }

    private static String history(String address, String workflowId) {
        WorkflowServiceStubs stubs = WorkflowServiceStubs.newServiceStubs(
                WorkflowServiceStubsOptions.newBuilder().setTarget(address).build());
        try {
            return WorkflowClient.newInstance(stubs).fetchHistory(workflowId).toJson(false);
        } finally {
            stubs.shutdownNow();
        }
    }
}
