namespace DeepTricks.Benchmarks;

/// <summary>The name of a case where that of its class does not give it, as a model's name with a number in it.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CaseNameAttribute(string name) : Attribute
{
    /// <summary>The name as it is printed.</summary>
    public string Name { get; } = name;
}
