package io.beringia.trust.rotation;

/** A foreign domain that fetches our roots, and believes whoever they stand for. */
final class SimulatedPartner {
    final boolean isVisible;
    int roots = Roots.OLD;
    int pollAt;
    int cutUntil;

    SimulatedPartner(boolean isVisible) {
        this.isVisible = isVisible;
    }
}
