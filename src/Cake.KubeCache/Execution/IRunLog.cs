namespace Cake.KubeCache.Execution;

/// <summary>Where a run's lines go. One call is one line (or one block that stays together).</summary>
internal interface IRunLog
{
    /// <summary>Whether live displays may be drawn: an interactive terminal.</summary>
    bool Interactive { get; }

    /// <summary>What everybody should see.</summary>
    void Information(string line);

    /// <summary>What only somebody who asks should see.</summary>
    void Verbose(string line);

    /// <summary>What is doubtful.</summary>
    void Warning(string line);

    /// <summary>What failed.</summary>
    void Error(string line);
}
