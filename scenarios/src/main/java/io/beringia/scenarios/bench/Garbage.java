package io.beringia.scenarios.bench;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.util.Map;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * Bytes that our gateway allocates on its heap for each small message that goes to and fro. What JMX answers comes from a
 * process of ours.
 */
@SuppressWarnings("BanJNDI")
record Garbage(Messages messages) implements Measure {
    @Override
    public String name() {
        return "garbage-" + messages.tunnels() + "-" + messages.suite().word();
    }

    /** Others collect none. */
    @Override
    public boolean fits(Peer peer, Door door) {
        return peer instanceof Peer.Ours;
    }

    @Override
    public Map<Figure, Double> take(Running proxy) throws IOException, InterruptedException {
        try (JMXConnector connector = connect(proxy.pid())) {
            MBeanServerConnection beans = connector.getMBeanServerConnection();
            long before = allocated(beans);
            long roundTrips = messages.exchange(proxy.door());
            double spent = allocated(beans) - before;
            return Map.of(new Figure(name(), "B/message", Figure.Better.LESS), spent / roundTrips);
        }
    }

    private static JMXConnector connect(long pid) throws IOException {
        try {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
            try {
                return JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()));
            } finally {
                machine.detach();
            }
        } catch (AttachNotSupportedException refused) {
            throw new IOException("process " + pid + ": cannot be asked for its allocations", refused);
        }
    }

    private static long allocated(MBeanServerConnection beans) throws IOException {
        try {
            return (Long) beans.getAttribute(new ObjectName("java.lang:type=Threading"), "TotalThreadAllocatedBytes");
        } catch (JMException refused) {
            throw new IOException("allocations: not told (expected: by a JDK of 21 or newer)", refused);
        }
    }
}
