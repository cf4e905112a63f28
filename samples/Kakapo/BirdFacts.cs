namespace KakapoSample;

/// <summary>What is to be seen in a picture.</summary>
internal sealed record BirdFacts(Species Species, Ground Ground, bool FacesLeft, bool IsYoung)
{
    /// <summary>Species and age as one number: the finer classes, two within each species.</summary>
    public long Morph => (2 * (long)Species) + (IsYoung ? 1 : 0);
}
