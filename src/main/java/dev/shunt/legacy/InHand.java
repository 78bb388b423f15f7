package dev.shunt.legacy;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/** What holds while messages are being worked on, as opposed to waiting for a backend. */
interface InHand {

    <T> T during(Supplier<T> work);

    /** Keeps batches and recovered messages of one workload apart in this process. */
    final class Solitude {

        private final ReadWriteLock lock = new ReentrantReadWriteLock();

        /** Batches work side by side. */
        InHand together() {
            return new InHand() {
                @Override
                public <T> T during(Supplier<T> work) {
                    return holding(lock.readLock(), work);
                }
            };
        }

        /**
         * A recovered message is worked on while no batch is, and is marked as suspect: if the process dies now, only
         * this message can be to blame. It is not marked while it waits for a backend.
         */
        InHand alone(ProcessingList list, Suspect suspect) {
            return new InHand() {
                @Override
                public <T> T during(Supplier<T> work) {
                    return holding(lock.writeLock(), () -> {
                        list.suspect(suspect);
                        try {
                            return work.get();
                        } finally {
                            list.unsuspect();
                        }
                    });
                }
            };
        }

        private static <T> T holding(Lock lock, Supplier<T> work) {
            lock.lock();
            try {
                return work.get();
            } finally {
                lock.unlock();
            }
        }
    }
}
