using System.Text.Json;
using DeepTricks.Data;

namespace DeepTricks.Tests.Data;

public sealed class DataPositionTests
{
    [Fact]
    public void Next_WithinAndAtTheEndOfAnEpoch_CountsOn()
    {
        Assert.Equal(new DataPosition(0, 1), DataPosition.Start.Next(3));
        Assert.Equal(new DataPosition(5, 0), new DataPosition(4, 2).Next(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => DataPosition.Start.Next(0));
    }

    [Fact]
    public void Json_RoundTrip_KeepsThePosition()
    {
        var position = new DataPosition(3, 17);

        Assert.Equal(position, JsonSerializer.Deserialize<DataPosition>(JsonSerializer.Serialize(position)));
    }
}
