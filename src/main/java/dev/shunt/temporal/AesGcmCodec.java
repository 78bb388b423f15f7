package dev.shunt.temporal;

import com.google.protobuf.ByteString;
import io.temporal.api.common.v1.Payload;
import io.temporal.payload.codec.PayloadCodecException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Encrypts payloads with one key and decrypts with the key that a payload names, so that keys can be changed. */
final class AesGcmCodec extends WrappingCodec {

    private static final String KEY_ID = "encryption-key-id";
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final SecureRandom random = new SecureRandom();
    private final Map<String, SecretKeySpec> keys = new HashMap<>();
    private final String current;

    /**
     * @param current id of the key for new payloads
     * @param keys by id
     */
    AesGcmCodec(String current, Map<String, byte[]> keys) {
        super("binary/encrypted");
        this.current = current;
        keys.forEach((id, key) -> this.keys.put(id, new SecretKeySpec(key, "AES")));
        Objects.requireNonNull(this.keys.get(current), () -> "no key with id " + current);
    }

    @Override
    Payload wrap(Payload plain) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] sealed = apply(Cipher.ENCRYPT_MODE, current, nonce, plain.toByteArray());
        return Payload.newBuilder()
                .putMetadata(KEY_ID, ByteString.copyFromUtf8(current))
                .setData(ByteString.copyFrom(nonce).concat(ByteString.copyFrom(sealed)))
                .build();
    }

    @Override
    byte[] unwrap(Payload wrapped) {
        String id = wrapped.getMetadataOrDefault(KEY_ID, ByteString.EMPTY).toStringUtf8();
        byte[] data = wrapped.getData().toByteArray();
        if (data.length < NONCE_BYTES) {
            throw new PayloadCodecException("an encrypted payload is spoilt: " + data.length + " bytes");
        }
        return apply(
                Cipher.DECRYPT_MODE,
                id,
                Arrays.copyOf(data, NONCE_BYTES),
                Arrays.copyOfRange(data, NONCE_BYTES, data.length));
    }

    /** The key's id is authenticated with the data. */
    private byte[] apply(int mode, String id, byte[] nonce, byte[] data) {
        SecretKeySpec key = keys.get(id);
        if (key == null) {
            throw new PayloadCodecException("no key with id '" + id + "' in shunt.temporal.codec-keys");
        }
        try {
            Cipher cipher = Cipher.getInstance(CIPHER);
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(ByteString.copyFromUtf8(id).toByteArray());
            return cipher.doFinal(data);
        } catch (GeneralSecurityException fault) {
            throw new PayloadCodecException(
                    "a payload could not be " + (mode == Cipher.ENCRYPT_MODE ? "encrypted" : "decrypted")
                            + " with key '" + id + "'",
                    fault);
        }
    }
}
