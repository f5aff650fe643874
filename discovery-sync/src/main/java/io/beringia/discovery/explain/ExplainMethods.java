package io.beringia.discovery.explain;

import com.google.protobuf.BytesValue;
import com.google.protobuf.Empty;
import com.google.protobuf.StringValue;
import com.google.protobuf.UInt32Value;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoUtils;

/** What operators may ask a discovery for, over messages that every protobuf has. */
final class ExplainMethods {
    static final String SERVICE = "beringia.discovery.v1.Explain";

    /** The whole picture, as {@link SnapshotCodec} writes it, in pieces. */
    static final MethodDescriptor<Empty, BytesValue> SHOW = MethodDescriptor.<Empty, BytesValue>newBuilder()
            .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
            .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "Show"))
            .setRequestMarshaller(ProtoUtils.marshaller(Empty.getDefaultInstance()))
            .setResponseMarshaller(ProtoUtils.marshaller(BytesValue.getDefaultInstance()))
            .build();

    /** A cluster by its name, which is gone for good; the answer is how many services were held of it. */
    static final MethodDescriptor<StringValue, UInt32Value> FORGET =
            MethodDescriptor.<StringValue, UInt32Value>newBuilder()
                    .setType(MethodDescriptor.MethodType.UNARY)
                    .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "Forget"))
                    .setRequestMarshaller(ProtoUtils.marshaller(StringValue.getDefaultInstance()))
                    .setResponseMarshaller(ProtoUtils.marshaller(UInt32Value.getDefaultInstance()))
                    .build();

    private ExplainMethods() {}
}
