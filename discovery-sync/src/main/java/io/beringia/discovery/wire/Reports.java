package io.beringia.discovery.wire;

import io.beringia.discovery.wire.evidence.proto.Receipt;
import io.beringia.discovery.wire.evidence.proto.Report;
import io.grpc.stub.StreamObserver;
import java.util.function.Predicate;

/** One observer's stream as gRPC hears it, one call at a time. After a refusal nothing more is taken. */
final class Reports implements StreamObserver<Report> {
    private final Predicate<Report> taker;
    private final StreamObserver<Receipt> receipts;
    private boolean isOpen;

    /** @param taker whether the stream goes on after that report; it answers by itself */
    Reports(Predicate<Report> taker, StreamObserver<Receipt> receipts) {
        this(taker, receipts, true);
    }

    private Reports(Predicate<Report> taker, StreamObserver<Receipt> receipts, boolean isOpen) {
        this.taker = taker;
        this.receipts = receipts;
        this.isOpen = isOpen;
    }

    /** A stream that was answered for good. */
    static Reports refused(StreamObserver<Receipt> receipts) {
        return new Reports(report -> false, receipts, false);
    }

    @Override
    public void onNext(Report report) {
        isOpen = isOpen && taker.test(report);
    }

    @Override
    public void onError(Throwable gone) {
        isOpen = false;
    }

    @Override
    public void onCompleted() {
        if (isOpen) {
            isOpen = false;
            receipts.onCompleted();
        }
    }
}
