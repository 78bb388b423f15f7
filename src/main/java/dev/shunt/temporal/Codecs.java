package dev.shunt.temporal;

import io.temporal.common.converter.CodecDataConverter;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.payload.codec.PayloadCodec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How payloads are written for Temporal, and read back. */
final class Codecs {

    private Codecs() {}

    /**
     * With keys, what is switched off is still understood, so that a codec can be switched off while workflows are open.
     * Encryption covers messages and stack traces of failures too.
     */
    static DataConverter converter(CodecSettings settings) {
        DataConverter plain = DefaultDataConverter.newDefaultInstance();
        if (settings.codecs().isEmpty() && settings.codecKeys().isEmpty()) {
            return plain;
        }
        // The SDK encodes from the last to the first.
        List<PayloadCodec> chain = new ArrayList<>();
        if (!settings.codecKeys().isEmpty()) {
            Map<String, byte[]> keys = new HashMap<>();
            settings.codecKeys().forEach((id, key) -> keys.put(id, CodecSettings.key(id, key)));
            chain.add(either(settings, CodecSettings.AES_GCM, new AesGcmCodec(current(settings), keys)));
        }
        chain.add(either(settings, CodecSettings.ZLIB, new ZlibCodec()));
        return new CodecDataConverter(plain, chain, settings.codecs().contains(CodecSettings.AES_GCM));
    }

    private static String current(CodecSettings settings) {
        return settings.codecKeys().containsKey(settings.codecKey())
                ? settings.codecKey()
                : settings.codecKeys().keySet().iterator().next();
    }

    private static PayloadCodec either(CodecSettings settings, String name, PayloadCodec codec) {
        return settings.codecs().contains(name) ? codec : new ReadOnlyCodec(codec);
    }
}
