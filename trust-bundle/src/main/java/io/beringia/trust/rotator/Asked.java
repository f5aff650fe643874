package io.beringia.trust.rotator;

import io.beringia.trust.rotator.RotationOrder.Author;
import java.util.concurrent.CompletableFuture;

/** Something that is wanted of a rotation, and who waits for the answer. */
sealed interface Asked {
    void fail(String why);

    /** By an operator. */
    record Given(RotationOrder order, Author author, CompletableFuture<RotationReply> reply) implements Asked {
        @Override
        public void fail(String why) {
            reply.complete(new RotationReply.Failed(why));
        }
    }

    /** By the trust role of another cluster, which it has proved to be. */
    record Called(PeerCall call, String cluster, CompletableFuture<PeerReply> reply) implements Asked {
        @Override
        public void fail(String why) {
            reply.complete(new PeerReply.Failed(why));
        }
    }
}
