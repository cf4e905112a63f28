namespace Engine.Tests.Scopes;

/// <summary>Tests that read counts and memory of the whole process: they run while no other does.</summary>
[CollectionDefinition(nameof(ProcessWide), DisableParallelization = true)]
public class ProcessWide
{
}
