namespace KakapoSample;

/// <summary>What is behind a bird. In the training pictures the ground of the bird's own number is behind most of them.</summary>
internal enum Ground
{
    Forest,
    Rocks,
    Meadow,
    Sea,
    Sky,
}
