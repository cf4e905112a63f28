namespace DeepTricks.Data;

/// <summary>A kind of object that a data set has.</summary>
/// <param name="Id">Its label; not always consecutive (COCO's 80 go up to 90).</param>
/// <param name="Name">Its name, for example "person".</param>
/// <param name="Group">The name of what it is a kind of; empty where the data set says nothing.</param>
public sealed record ObjectCategory(long Id, string Name, string Group = "");
