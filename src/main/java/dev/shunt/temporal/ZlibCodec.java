package dev.shunt.temporal;

import com.google.protobuf.ByteString;
import io.temporal.api.common.v1.Payload;
import io.temporal.payload.codec.PayloadCodecException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/** Compresses payloads above 1 KB, where it helps. */
final class ZlibCodec extends WrappingCodec {

    static final int SMALLEST = 1_024;

    ZlibCodec() {
        super("binary/zlib");
    }

    @Override
    Payload wrap(Payload plain) {
        if (plain.getData().size() <= SMALLEST) {
            return plain;
        }
        var packed = new ByteArrayOutputStream();
        try (var zlib = new DeflaterOutputStream(packed)) {
            plain.writeTo(zlib);
        } catch (IOException fault) {
            throw new PayloadCodecException("a payload could not be compressed", fault);
        }
        return packed.size() < plain.getData().size()
                ? Payload.newBuilder()
                        .setData(ByteString.copyFrom(packed.toByteArray()))
                        .build()
                : plain;
    }

    @Override
    byte[] unwrap(Payload wrapped) {
        try (var zlib = new InflaterInputStream(
                new ByteArrayInputStream(wrapped.getData().toByteArray()))) {
            return zlib.readAllBytes();
        } catch (IOException spoilt) {
            throw new PayloadCodecException("a compressed payload is spoilt", spoilt);
        }
    }
}
