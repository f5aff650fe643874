package io.beringia.discovery.xds;

/** For servers whose clients are nobody's business. */
public final class Unheard implements DeltaService.Listener {
    @Override
    public void onAdmitted(NodeClaim node) {}

    @Override
    public void onRefused(Admission.Verdict.Refused refused) {}

    @Override
    public void onSent(int resources, int removals) {}

    @Override
    public void onNack(NodeClaim node, String why) {}

    @Override
    public void onEnded(NodeClaim node, Admission.Verdict.Refused why) {}

    @Override
    public void onLeft(NodeClaim node) {}
}
