package io.beringia.discovery.wire;

import io.beringia.discovery.catalog.RegionEvidence;
import io.beringia.discovery.wire.evidence.proto.SiteEvidence;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Tells one follower what the site has seen: at once, after a change, and when nothing changed for a while. One that is
 * slow misses messages, never gets old ones. Its own thread owns the stream; {@link #changed()} is the door.
 */
final class Follower implements Runnable {
    /** Within two seconds a site without news has no vote; ten messages may be lost before. */
    private static final Duration PERIOD = Duration.ofMillis(200);

    /** A storm of changes costs ten messages a second. */
    private static final Duration GAP = Duration.ofMillis(100);

    private final Supplier<RegionEvidence> latest;
    private final ServerCallStreamObserver<SiteEvidence> out;
    private final Semaphore changes = new Semaphore(0);
    private final BooleanSupplier stays;
    private int left;

    /**
     * @param left how many messages it gets before the stream ends well
     * @param stays whether it may still follow, asked before each message; it ends the stream where not
     */
    Follower(
            Supplier<RegionEvidence> latest,
            ServerCallStreamObserver<SiteEvidence> out,
            int left,
            BooleanSupplier stays) {
        this.latest = latest;
        this.out = out;
        this.left = left;
        this.stays = stays;
    }

    void changed() {
        changes.release();
    }

    @Override
    public void run() {
        try {
            while (left > 0 && !out.isCancelled()) {
                if (!stays.getAsBoolean()) {
                    return;
                }
                changes.drainPermits();
                if (out.isReady()) {
                    out.onNext(EvidenceMessages.evidence(latest.get()));
                    left--;
                }
                Thread.sleep(GAP);
                changes.tryAcquire(PERIOD.minus(GAP).toNanos(), TimeUnit.NANOSECONDS);
            }
            out.onCompleted();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (StatusRuntimeException gone) {
            // the follower left while it was being told; there is nobody to tell
        }
    }
}
