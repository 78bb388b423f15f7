package dev.shunt.temporal;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.temporal.api.common.v1.Payload;
import io.temporal.payload.codec.PayloadCodec;
import io.temporal.payload.codec.PayloadCodecException;
import java.util.List;

/** Turns a payload, with its metadata, into the data of another one that names the encoding; and back. */
abstract class WrappingCodec implements PayloadCodec {

    private static final String ENCODING = "encoding";

    private final ByteString encoding;

    WrappingCodec(String encoding) {
        this.encoding = ByteString.copyFromUtf8(encoding);
    }

    /** @return the wrapped payload without its encoding, or the plain one itself if it is better left alone */
    abstract Payload wrap(Payload plain);

    /** @return the bytes that were wrapped */
    abstract byte[] unwrap(Payload wrapped);

    @Override
    public final List<Payload> encode(List<Payload> payloads) {
        return payloads.stream().map(this::encode).toList();
    }

    @Override
    public final List<Payload> decode(List<Payload> payloads) {
        return payloads.stream().map(this::decode).toList();
    }

    private Payload encode(Payload plain) {
        Payload wrapped = wrap(plain);
        return wrapped.equals(plain)
                ? plain
                : wrapped.toBuilder().putMetadata(ENCODING, encoding).build();
    }

    private Payload decode(Payload payload) {
        if (!encoding.equals(payload.getMetadataMap().get(ENCODING))) {
            return payload;
        }
        try {
            return Payload.parseFrom(unwrap(payload));
        } catch (InvalidProtocolBufferException spoilt) {
            throw new PayloadCodecException("a payload encoded as " + encoding.toStringUtf8() + " is spoilt", spoilt);
        }
    }
}
