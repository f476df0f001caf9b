"""The annexes of a report made from facts: 基础数据表 and 自评表, as documents."""
