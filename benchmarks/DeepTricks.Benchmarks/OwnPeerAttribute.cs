namespace DeepTricks.Benchmarks;

/// <summary>Says that a case is held against another one of ours, and not against Python's.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OwnPeerAttribute(Type peer) : Attribute
{
    /// <summary>The case to compare with.</summary>
    public Type Peer { get; } = peer;
}
