namespace DeepTricks.Training;

/// <summary>The loss has become infinite or NaN.</summary>
/// <param name="message">What was found where.</param>
/// <param name="module">The name of the first module whose output is not finite, or null where it is the loss itself.</param>
public sealed class NonFiniteException(string message, string? module) : Exception(message)
{
    /// <summary>The name of the first module whose output is not finite; null where all are, and the loss itself is not.</summary>
    public string? Module { get; } = module;
}
