package dev.shunt.legacy;

import dev.shunt.core.ItemKey;
import dev.shunt.core.Stamp;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** A recovered message that is handled alone, known by the SHA-256 of its bytes without a stamp. */
final class Suspect {

    private final String sha256;
    private @Nullable ItemKey key;

    Suspect(byte[] raw) {
        sha256 = sha256(Stamp.split(raw).message());
    }

    String sha256() {
        return sha256;
    }

    /** Once it is decoded: its book entry must be settled if it turns out to be a killer. */
    void identified(ItemKey as) {
        key = as;
    }

    String mark() {
        return sha256 + "|" + (key == null ? "" : key.value());
    }

    private static String sha256(byte[] message) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(message));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
