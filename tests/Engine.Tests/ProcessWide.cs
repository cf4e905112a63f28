namespace Engine.Tests;

/// <summary>Tests of what the whole process shares, its memory, counts and generator: they run while no other does.</summary>
[CollectionDefinition(nameof(ProcessWide), DisableParallelization = true)]
public class ProcessWide
{
}
