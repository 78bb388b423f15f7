package dev.shunt.temporal;

import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is done to payloads before they leave for Temporal. Every instance and whoever reads histories needs the same keys.
 *
 * @param codecs in the order of encoding: {@code zlib} compresses payloads above 1 KB, {@code aes-gcm} encrypts; none by
 *     default
 * @param codecKey id of the key that new payloads are encrypted with
 * @param codecKeys AES keys by id, Base64 of 16, 24 or 32 bytes; keep old ones as long as histories that need them
 */
@ConfigurationProperties("shunt.temporal")
record CodecSettings(
        @DefaultValue List<String> codecs,
        @DefaultValue("") String codecKey,
        @DefaultValue Map<String, String> codecKeys) {

    static final String ZLIB = "zlib";
    static final String AES_GCM = "aes-gcm";

    CodecSettings {
        codecs = List.copyOf(codecs);
        codecKeys = Map.copyOf(codecKeys);
        if (!List.of(ZLIB, AES_GCM).containsAll(codecs)
                || codecs.stream().distinct().count() != codecs.size()) {
            throw new IllegalArgumentException(
                    "shunt.temporal.codecs must name zlib and aes-gcm at most once each, was " + codecs);
        }
        if (codecs.equals(List.of(AES_GCM, ZLIB))) {
            throw new IllegalArgumentException(
                    "shunt.temporal.codecs must name zlib before aes-gcm: what is encrypted does not compress");
        }
        if (codecs.contains(AES_GCM) && !codecKeys.containsKey(codecKey)) {
            throw new IllegalArgumentException(
                    "shunt.temporal.codec-key must be one of the ids of shunt.temporal.codec-keys "
                            + codecKeys.keySet().stream().sorted().toList() + ", was '" + codecKey + "'");
        }
        codecKeys.forEach(CodecSettings::key);
    }

    /** Never shows a key. */
    @Override
    public String toString() {
        return "CodecSettings" + codecs + ", key '" + codecKey + "' of "
                + codecKeys.keySet().stream().sorted().toList();
    }

    static byte[] key(String id, String base64) {
        try {
            byte[] key = Base64.getDecoder().decode(base64.strip());
            if (key.length == 16 || key.length == 24 || key.length == 32) {
                return key;
            }
        } catch (IllegalArgumentException notBase64) {
            throw new IllegalArgumentException("shunt.temporal.codec-keys." + id + " must be Base64", notBase64);
        }
        throw new IllegalArgumentException("shunt.temporal.codec-keys." + id + " must be 16, 24 or 32 bytes in Base64");
    }
}
