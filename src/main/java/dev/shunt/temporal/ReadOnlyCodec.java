package dev.shunt.temporal;

import io.temporal.api.common.v1.Payload;
import io.temporal.payload.codec.PayloadCodec;
import java.util.List;

/** Understands what a codec has written and writes nothing itself. */
record ReadOnlyCodec(PayloadCodec codec) implements PayloadCodec {

    @Override
    public List<Payload> encode(List<Payload> payloads) {
        return payloads;
    }

    @Override
    public List<Payload> decode(List<Payload> payloads) {
        return codec.decode(payloads);
    }
}
