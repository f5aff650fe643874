package io.beringia.discovery.wire;

import io.beringia.discovery.wire.evidence.proto.Receipt;
import io.beringia.discovery.wire.evidence.proto.Report;
import io.grpc.stub.StreamObserver;
import java.util.function.Predicate;

/** One observer's stream as gRPC hears it, one call at a time. After a refusal nothing more is taken. */
final class Reports implements StreamObserver<Report> {
    private final Predicate<Report> taker;
    private final StreamObserver<Receipt> receipts;
    private int left;

    /**
     * @param taker whether the stream goes on after that report; it answers by itself
     * @param left how many are taken before the stream ends well
     */
    Reports(Predicate<Report> taker, StreamObserver<Receipt> receipts, int left) {
        this.taker = taker;
        this.receipts = receipts;
        this.left = left;
    }

    /** A stream that was answered for good. */
    static Reports refused(StreamObserver<Receipt> receipts) {
        return new Reports(report -> false, receipts, 0);
    }

    @Override
    public void onNext(Report report) {
        if (left == 0) {
            return;
        }
        if (!taker.test(report)) {
            left = 0;
        } else if (left == 1) {
            onCompleted();
        } else {
            left--;
        }
    }

    @Override
    public void onError(Throwable gone) {
        left = 0;
    }

    @Override
    public void onCompleted() {
        if (left > 0) {
            left = 0;
            receipts.onCompleted();
        }
    }
}
