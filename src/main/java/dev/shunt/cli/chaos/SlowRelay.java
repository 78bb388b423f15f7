package dev.shunt.cli.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/** Lets every answer of a backend wait. */
final class SlowRelay extends Relay {

    private volatile int delayMillis;

    SlowRelay(int target) throws IOException {
        super(target);
    }

    /** From now on every answer takes this much longer. */
    void delay(int millis) {
        delayMillis = millis;
    }

    @Override
    Ways carry(Socket client, Socket backend) {
        return new Ways() {
            @Override
            public void there() throws IOException, InterruptedException {
                pump(client, backend, false);
            }

            @Override
            public void back() throws IOException, InterruptedException {
                pump(backend, client, true);
            }
        };
    }

    private void pump(Socket from, Socket to, boolean answers) throws IOException, InterruptedException {
        byte[] buffer = new byte[64 * 1024];
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            if (answers && delayMillis > 0) {
                Thread.sleep(delayMillis);
            }
            out.write(buffer, 0, n);
        }
    }
}
