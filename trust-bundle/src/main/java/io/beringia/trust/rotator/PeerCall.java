package io.beringia.trust.rotator;

/** What one trust role says to that of another cluster. */
sealed interface PeerCall {
    Lead lead();

    /** Wants to lead: whoever agrees obeys no earlier lead again, and says where it stands. */
    record Claim(Lead lead) implements PeerCall {}

    /** Leads: everybody is to be where it is. */
    record Order(RotationState state) implements PeerCall {
        @Override
        public Lead lead() {
            return state.lead();
        }
    }
}
